import { useState } from 'react';
import { YamlText } from '../yaml/yaml-text.tsx';
import css from './etcd.module.css';
import type { KeyNode } from './key-tree.ts';

interface KeySpaceProps { readonly tree: readonly KeyNode[]; readonly open: string | undefined; readonly setOpen: (key: string | undefined) => void; readonly value: unknown }

/** The key space, folded by its segments; a key opens to its value. */
export function KeySpace(props: KeySpaceProps) {
  return <ul className={css.tree}>{props.tree.map((node) => <Node key={node.path} node={node} depth={0} {...props} />)}</ul>;
}

function Node({ node, depth, ...props }: KeySpaceProps & { readonly node: KeyNode; readonly depth: number }) {
  const [unfolded, setUnfolded] = useState(depth === 0);
  const { segment, path, count, key, children } = node;
  const isOpen = key !== undefined && props.open === key.key;
  return (
    <li>
      {children.length > 0 && (
        <button type="button" className={css.node} style={{ paddingLeft: 8 + depth * 16 }} aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          <span className={css.sign} aria-hidden="true">{unfolded ? '▾' : '▸'}</span>{depth === 0 && '/'}{segment}/<span className={css.count}>{count}</span>
        </button>
      )}
      {key !== undefined && (
        <button type="button" className={css.node} style={{ paddingLeft: 8 + depth * 16 }} aria-expanded={isOpen} onClick={() => props.setOpen(isOpen ? undefined : key.key)}>
          <span className={css.sign} aria-hidden="true">{isOpen ? '▾' : '▸'}</span>{segment}
          <span className={css.meta}>mod {key.modRevision} · version {key.version}</span>
        </button>
      )}
      {isOpen && <Value path={path} node={key} value={props.value} />}
      {unfolded && children.length > 0 && <ul>{children.map((child) => <Node key={child.path} {...props} node={child} depth={depth + 1} />)}</ul>}
    </li>
  );
}

function Value({ path, node, value }: { readonly path: string; readonly node: NonNullable<KeyNode['key']>; readonly value: unknown }) {
  return (
    <div className={css.value}>
      <dl>
        <dt>key</dt><dd><code>{node.key}</code></dd>
        <dt>created at revision</dt><dd>{node.createRevision}</dd>
        <dt>last changed at revision</dt><dd>{node.modRevision}</dd>
        <dt>version</dt><dd>{node.version}, one for each write since it was created</dd>
        <dt>lease</dt><dd>{node.lease === 0 ? 'none: it stays until it is deleted' : `${node.lease}: it goes when the lease ends`}</dd>
      </dl>
      {value === undefined ? <p className={css.dim}>Looking…</p> : <YamlText value={value} label={`Value of ${path}`} />}
    </div>
  );
}
