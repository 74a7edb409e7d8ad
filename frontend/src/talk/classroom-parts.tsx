/** What a call shows and offers beside the words, with its texts: brought when there is a call. */

import { type ComponentType, lazy, Suspense } from "react";
import { openVolume } from "@/i18n";
import { part } from "@/pwa/stale";
import type { CaptionNote } from "./shown";

const fetchRoom = () => import("./classroom");

function Nothing() {
  return null;
}

function later<Props extends object>(
  pick: (room: Awaited<ReturnType<typeof fetchRoom>>) => ComponentType<Props>,
) {
  const Part = lazy(async () => {
    const room = await Promise.all([part(fetchRoom), openVolume("classroom")]).catch(() => null);
    return { default: room === null ? (Nothing as ComponentType<Props>) : pick(room[0]) };
  }) as ComponentType<Props>;
  return (props: Props) => (
    <Suspense fallback={null}>
      <Part {...props} />
    </Suspense>
  );
}

/** The lesson and what it shows. */
export const LessonArea = later((room) => room.LessonArea);

/** Repeat, slower, hint, skip, stop. */
export const CommandBar = later((room) => room.CommandBar);

/** Corrections and sources under a caption. */
export const CaptionNotes = later<{ note: CaptionNote }>((room) => room.CaptionNotes);
