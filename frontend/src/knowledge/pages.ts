/** The pages about documents, which are one chunk. */

export { DocumentsPage } from "./documents-page";
export { PassagePage } from "./passage-page";
