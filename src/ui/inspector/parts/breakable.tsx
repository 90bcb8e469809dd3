import { Fragment } from 'react';

/** A path or a name in CamelCase, which may be broken where one part of it ends and the next begins. */
export const Breakable = ({ text }: { readonly text: string }) => text.split(/(?=[.[/])|(?<=[a-z])(?=[A-Z])/).map((part, index) => <Fragment key={index}>{index > 0 && <wbr />}{part}</Fragment>);
