/** A draft in the making: what is written, saved by itself, taken back, and met by others' saves. */

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@/lib/api";
import { authoringApi, type Change, type Content, type Draft, type Problem } from "./authoring-api";
import { type Place, put, whole } from "./lesson";

const SAVE_AFTER_MS = 1_000;
const RETRY_AFTER_MS = 5_000;
/** Typing on in one place is one step back. */
const ONE_STEP_MS = 1_500;
const MOST_STEPS_BACK = 100;

export type Saving = "saved" | "waiting" | "saving" | "failed" | "conflict" | "refused";

export interface Conflict {
  version: string;
  content: Content;
  savedBy: string;
  changes: Change[];
}

export interface Editing {
  content: Content;
  version: string;
  problems: readonly Problem[];
  usable: boolean;
  saving: Saving;
  conflict: Conflict | null;
  canUndo: boolean;
  set: (place: Place, value: unknown) => void;
  undo: () => void;
  /** Saves at once what is not saved; true once everything is. */
  settle: () => Promise<boolean>;
  takeMine: () => void;
  takeTheirs: () => void;
  /** Goes on with a draft that the API has answered. */
  accept: (draft: Draft) => void;
}

interface Kept {
  content: Content;
  version: string;
  problems: readonly Problem[];
  usable: boolean;
}

export function useDraft(first: Draft): Editing {
  const [kept, setKept] = useState<Kept>(() => ({ ...first, content: whole(first.content) }));
  const [saving, setSaving] = useState<Saving>("saved");
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [past, setPast] = useState<Content[]>([]);
  const present = useRef(kept);
  const dirty = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<boolean> | null>(null);
  const lastChange = useRef({ at: 0, path: "" });
  /** Somebody else's save is being looked at; nothing is saved until it is decided. */
  const met = useRef(false);
  const id = first.lesson_id;

  const keep = useCallback((next: Kept) => {
    present.current = next;
    setKept(next);
  }, []);

  const save = useCallback((): Promise<boolean> => {
    clearTimeout(timer.current);
    running.current ??= (async () => {
      try {
        while (dirty.current) {
          dirty.current = false;
          setSaving("saving");
          const { content, version } = present.current;
          const answer = await authoringApi.save(id, version, content);
          keep({ ...present.current, ...answer });
        }
        setSaving("saved");
        return true;
      } catch (error) {
        dirty.current = true;
        const other = conflictOf(error);
        met.current = other !== null;
        setConflict(other);
        setSaving(other ? "conflict" : isRefused(error) ? "refused" : "failed");
        if (!other && !isRefused(error)) timer.current = setTimeout(() => void save(), RETRY_AFTER_MS);
        return false;
      } finally {
        running.current = null;
      }
    })();
    return running.current;
  }, [id, keep]);

  const change = useCallback(
    (content: Content) => {
      keep({ ...present.current, content });
      dirty.current = true;
      if (met.current) return;
      setSaving("waiting");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
    },
    [keep, save],
  );

  const set = useCallback(
    (place: Place, value: unknown) => {
      const now = { at: Date.now(), path: place.join(".") };
      const before = present.current.content;
      const goesOn = now.path === lastChange.current.path && now.at - lastChange.current.at < ONE_STEP_MS;
      lastChange.current = now;
      if (!goesOn) setPast((steps) => [...steps.slice(1 - MOST_STEPS_BACK), before]);
      change(put(before, place, value));
    },
    [change],
  );

  const undo = useCallback(() => {
    const before = past.at(-1);
    if (before === undefined) return;
    lastChange.current = { at: 0, path: "" };
    setPast((steps) => steps.slice(0, -1));
    change(before);
  }, [past, change]);

  const accept = useCallback(
    (draft: Draft) => {
      clearTimeout(timer.current);
      dirty.current = false;
      met.current = false;
      setPast([]);
      setConflict(null);
      setSaving("saved");
      keep({ ...draft, content: whole(draft.content) });
    },
    [keep],
  );

  const takeMine = useCallback(() => {
    if (conflict === null) return;
    met.current = false;
    present.current = { ...present.current, version: conflict.version };
    setConflict(null);
    void save();
  }, [conflict, save]);

  const takeTheirs = useCallback(() => {
    if (conflict === null) return;
    met.current = false;
    setPast((steps) => [...steps, present.current.content]);
    keep({ ...present.current, version: conflict.version, content: whole(conflict.content) });
    setConflict(null);
    // Nothing is written: it is saved as it stands, to hear what stands against it.
    dirty.current = true;
    void save();
  }, [conflict, keep, save]);

  useUnsaved(dirty, saving, save);
  return {
    ...kept,
    saving,
    conflict,
    canUndo: past.length > 0,
    set,
    undo,
    settle: save,
    takeMine,
    takeTheirs,
    accept,
  };
}

/** Leaving the page saves; closing the window with something unsaved asks first. */
function useUnsaved(dirty: { current: boolean }, saving: Saving, save: () => Promise<boolean>) {
  useEffect(
    () => () => {
      if (dirty.current) void save();
    },
    [dirty, save],
  );
  useEffect(() => {
    if (saving === "saved") return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [saving]);
}

interface Told {
  present: { version: string; content: Content; saved_by: string };
  changes: Change[];
}

function conflictOf(error: unknown): Conflict | null {
  if (!(error instanceof ApiError) || error.code !== "changed_meanwhile") return null;
  const told = error.details[0] as Told | undefined;
  if (told === undefined) return null;
  const { version, content, saved_by } = told.present;
  return { version, content, savedBy: saved_by, changes: told.changes };
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
}
