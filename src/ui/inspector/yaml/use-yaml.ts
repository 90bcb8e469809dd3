import { useEffect, useState } from 'react';
import type { WriteYaml } from './yaml-lines.ts';

let writer: WriteYaml | undefined;

/** YAML's writer, fetched when the first value is shown. */
export function useYaml(): WriteYaml | undefined {
  const [, setReady] = useState(writer !== undefined);
  useEffect(() => {
    if (writer !== undefined) return;
    void import('yaml').then(({ stringify }) => { writer = (each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false }); setReady(true); });
  }, []);
  return writer;
}
