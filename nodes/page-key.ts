/**
 * The idempotency key of a page of a list, counted from 0. Each page is a request of its own: a service that minds such keys would
 * answer all pages with the first one, or refuse what differs from it.
 */
export const keyOfPage = (key: string, page: number): string => (page === 0 ? key : `${key}:${page}`);
