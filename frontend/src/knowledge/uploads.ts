/** Files on their way out, one after the other. They go on while the page shows something else of itself. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "@/lib/api";
import { bring, documentsQuery, type Target } from "./documents-api";

export interface Upload {
  id: number;
  name: string;
  share: number;
  error: ApiError | null;
}

let numbers = 0;

export function useUploads(mostBytes: number) {
  const queries = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const stops = useRef(new Map<number, AbortController>());
  useEffect(() => {
    const open = stops.current;
    return () => {
      for (const stop of open.values()) stop.abort();
    };
  }, []);

  const change = (id: number, changes: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...changes } : one)));
  const forget = (id: number) => {
    stops.current.get(id)?.abort();
    stops.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
  };

  const send = async (id: number, file: File, target: Target) => {
    const stop = stops.current.get(id);
    if (!stop || stop.signal.aborted) return;
    try {
      await bring(file, target, (share) => change(id, { share }), stop.signal);
      forget(id);
      await queries.invalidateQueries({ queryKey: documentsQuery.queryKey });
    } catch (cause) {
      const error = cause instanceof ApiError ? cause : new ApiError(0, "unexpected", "");
      if (error.code !== "stopped") change(id, { error });
    }
  };
  const add = (files: Iterable<File>, target: Target) => {
    for (const file of files) {
      const id = ++numbers;
      const error = file.size > mostBytes ? new ApiError(413, "document_too_large", "") : null;
      setUploads((all) => [...all, { id, name: file.name, share: 0, error }]);
      if (error) continue;
      stops.current.set(id, new AbortController());
      queue.current = queue.current.then(() => send(id, file, target));
    }
  };
  return { uploads, add, forget };
}
