export type { PageDocument } from './document.ts';
export { pageToHtml } from './html.ts';
export { type AuditParts, auditPage, diffPage, runsPage } from './page.ts';
