/** What a host page can ask of an embedded scene, in the address of its frame. */
export interface EmbedOptions {
  /** Nothing but the stage and its words; a slim bar; or the whole time bar. */
  readonly controls: 'none' | 'bar' | 'full';
}
