import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { focusSection } from "./section";
import { useChange } from "./use-change";

/**
 * One thing of a section's list that is to end: asked about first, then ended, then gone from the list.
 *
 * @param section where the focus goes once its row is gone
 * @param list what the server is asked again for
 */
export function useEnding<Thing>(section: string, list: QueryKey, end: (thing: Thing) => Promise<unknown>) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Thing | null>(null);
  const ending = useChange(end, async () => {
    setAsked(null);
    await queries.invalidateQueries({ queryKey: list });
    focusSection(section);
  });
  const ask = (thing: Thing) => {
    ending.reset();
    setAsked(thing);
  };
  const keep = () => {
    ending.reset();
    setAsked(null);
  };
  return {
    ask,
    /** What somebody is being asked about. */
    asked,
    /** What ended last. */
    ended: ending.isSuccess ? ending.variables : null,
    /** For the dialog that asks. */
    dialog: {
      busy: ending.isPending,
      error: ending.error,
      onConfirm: () => asked && ending.mutate(asked),
      onClose: keep,
    },
  };
}
