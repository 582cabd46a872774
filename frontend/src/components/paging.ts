import { useState } from "react";

export interface Paging {
  after: string | null;
  /** Pages before this one. */
  index: number;
  next: (endCursor: string | null) => void;
  previous: () => void;
  reset: () => void;
}

/** Walks a list page by page, forwards by the server's cursor and back the way one came: one page is held at a time. */
export function usePaging(): Paging {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    after: cursors.at(-1) ?? null,
    index: cursors.length,
    next: (endCursor) => {
      if (endCursor !== null) setCursors([...cursors, endCursor]);
    },
    previous: () => setCursors(cursors.slice(0, -1)),
    reset: () => setCursors([]),
  };
}
