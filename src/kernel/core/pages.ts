/** A page of kernel memory, 4 KiB; RTAS work areas are that large (RTAS_DATA_BUF_SIZE). */
export interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export const PAGE_SIZE = 4096;

/** Free pages for reuse: a search boots thousands of kernels one after the other. */
const free: Page[] = [];
const MAX_FREE = 64;

/** kzalloc(4096): a page of zeroes. */
export function takePage(): Page {
  const page = free.pop();
  if (page) {
    page.bytes.fill(0);
    return page;
  }
  const bytes = new Uint8Array(PAGE_SIZE);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** kfree(). A thread that is killed frees nothing. */
export function givePage(page: Page): void {
  if (free.length < MAX_FREE) free.push(page);
}
