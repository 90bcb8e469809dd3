/** What the whole world is at that moment, in one short text: the same recording gives the same, everywhere. */
export interface StateHashQuery { readonly type: 'state-hash' }

export interface StateHashAnswer { readonly type: 'state-hash'; readonly atUs: number; readonly hash: string }
