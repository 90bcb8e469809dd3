/** Hands a file to the user: whatever the page has made, under a name of its own. */
export function download(fileName: string, data: Blob | string, type: string): void {
  const url = URL.createObjectURL(typeof data === 'string' ? new Blob([data], { type }) : data);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken hold of the data by the next turn of its loop, not before.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
