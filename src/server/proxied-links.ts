/** Links of a page that was carried through the API server, so that they lead through it again. Models apimachinery/pkg/util/proxy/transport.go: rewriteURL, rewriteHTML. */

/** Which attributes of which elements are addresses. */
const attributes: { readonly [element: string]: readonly string[] | undefined } = {
  a: ['href'], applet: ['codebase'], area: ['href'], audio: ['src'], base: ['href'], blockquote: ['cite'], body: ['background'], button: ['formaction'], command: ['icon'], del: ['cite'], embed: ['src'], form: ['action'],
  frame: ['longdesc', 'src'], head: ['profile'], html: ['manifest'], iframe: ['longdesc', 'src'], img: ['longdesc', 'src', 'usemap'], input: ['src', 'usemap', 'formaction'], ins: ['cite'], link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'], q: ['cite'], script: ['src'], source: ['src'], video: ['poster', 'src'],
};

/** An absolute path, on the host that was asked or on none, is put below the proxy's own; anything else leads where it led. */
export function rewriteUrl(target: string, at: string, askedHost: string): string {
  const match = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/is.exec(target);
  if (match === null) return target;
  const [, scheme, host = '', path = '', rest = ''] = match;
  if ((host !== '' && host !== askedHost) || !path.startsWith('/')) return target;
  const origin = host === '' ? '' : `${scheme === undefined ? '' : `${scheme}:`}//${host}`;
  return path.startsWith(at) ? `${origin}${path}${rest}` : `${origin}${at}${path.replace(/\/{2,}/g, '/')}${rest}`;
}

const unescaped = (value: string): string => value.replace(/&(amp|lt|gt|quot|#34|#39);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': '\'' })[name]!);
/** Models golang.org/x/net/html: EscapeString. */
const escaped = (value: string): string => value.replace(/[&'<>"]/g, (character) => ({ '&': '&amp;', '\'': '&#39;', '<': '&lt;', '>': '&gt;', '"': '&#34;' })[character]!);

/** Start tags whose attributes can be addresses are written anew; everything else stays as it is. */
export function rewriteHtml(page: string, rewrite: (url: string) => string): string {
  return page.replace(/<!--.*?-->|<([a-z][a-z0-9]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*(\/?)>/gis, (whole, name: string | undefined, given: string, closed: string) => {
    const addresses = attributes[(name ?? '').toLowerCase()];
    if (name === undefined || addresses === undefined) return whole;
    const written = [...given.matchAll(/([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g)].map(([, key = '', double, single, bare]) => {
      const value = unescaped(double ?? single ?? bare ?? '');
      return ` ${key.toLowerCase()}="${escaped(addresses.includes(key.toLowerCase()) ? rewrite(value) : value)}"`;
    });
    return `<${name.toLowerCase()}${written.join('')}${closed}>`;
  });
}
