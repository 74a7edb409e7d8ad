/** Documents over the API, and the bringing of a file with its progress, which `fetch` does not tell. */

import { queryOptions } from "@tanstack/react-query";
import { ApiError, client, done, type Got, newRequestId, read, type Sent } from "@/lib/api";

export type DocumentPage = Got<"/api/v1/documents">;
export type Material = DocumentPage["items"][number];
export type Scope = Material["scope"];
export type Passage = Got<"/api/v1/documents/{document_id}/chunks/{chunk_id}">;
export type FoundPassage = Got<"/api/v1/knowledge/search">["items"][number];

export const DOCUMENTS = "/api/v1/documents";
const WATCHED_EVERY_MS = 1_500;

export function isUnfinished(material: Material): boolean {
  return material.state !== "ready" && material.state !== "failed";
}

/** Looked at again while something is being read. */
export const documentsQuery = queryOptions({
  queryKey: ["documents"],
  queryFn: async () => {
    const items: Material[] = [];
    let page: DocumentPage;
    let cursor: string | null = null;
    do {
      const query = cursor === null ? { limit: 100 } : { limit: 100, cursor };
      page = await read(client.GET("/api/v1/documents", { params: { query } }));
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return { items, mostBytes: page.most_bytes };
  },
  refetchInterval: ({ state }) => (state.data?.items.some(isUnfinished) ? WATCHED_EVERY_MS : false),
});

export const searchQuery = (question: string) =>
  queryOptions({
    queryKey: ["documents", "search", question],
    queryFn: async () =>
      (await read(client.GET("/api/v1/knowledge/search", { params: { query: { q: question } } }))).items,
    enabled: question !== "",
  });

export const passageQuery = (documentId: string, chunkId: string) =>
  queryOptions({
    queryKey: ["documents", documentId, chunkId],
    queryFn: () =>
      read(
        client.GET("/api/v1/documents/{document_id}/chunks/{chunk_id}", {
          params: { path: { document_id: documentId, chunk_id: chunkId } },
        }),
      ),
  });

const at = (id: string) => ({ params: { path: { document_id: id } } });

export const documentsApi = {
  change: (id: string, body: Sent<"/api/v1/documents/{document_id}", "patch">) =>
    read(client.PATCH("/api/v1/documents/{document_id}", { ...at(id), body })),
  remove: (id: string) => done(client.DELETE("/api/v1/documents/{document_id}", at(id))),
  retry: (id: string) => read(client.POST("/api/v1/documents/{document_id}/retry", at(id))),
};

/** Whom a file is brought for. */
export interface Target {
  scope: Scope;
  programId?: string;
}

/** Brings a file; `onProgress` is told the share of it that has gone out, 0 to 1. */
export function bring(
  file: File,
  target: Target,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const form = new FormData();
  form.append("scope", target.scope);
  if (target.programId) form.append("program_id", target.programId);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", DOCUMENTS);
    request.setRequestHeader("X-Request-ID", newRequestId());
    request.upload.onprogress = (event) => onProgress(event.total ? event.loaded / event.total : 0);
    request.onload = () => (request.status === 201 ? resolve() : reject(refused(request)));
    request.onerror = () => reject(new ApiError(0, "network", "no answer"));
    request.onabort = () => reject(new ApiError(0, "stopped", "stopped"));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function refused(request: XMLHttpRequest): ApiError {
  let error: { code?: string; message?: string; request_id?: string } = {};
  try {
    error = JSON.parse(request.responseText).error ?? {};
  } catch {
    // What is no JSON comes from something between us and the API; its status tells enough.
  }
  const code = error.code ?? (request.status === 413 ? "document_too_large" : "unexpected");
  return new ApiError(request.status, code, error.message ?? "", error.request_id ?? null);
}
