import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { PlayerHandle } from "@/components/call-player";
import type { Turn } from "@/lib/api";
import { placeOf, recordingQuery } from "@/lib/recording";

/** A turn's own beginning, reached by seeking, may be a little less by the player's count. */
const NEARLY_S = 0.05;

/** What ties a call's turns to its recording: which one is heard, and playing from one. */
export function useHeard(callId: string) {
  const recording = useQuery(recordingQuery(callId)).data;
  const player = useRef<PlayerHandle>(null);
  const [heard, setHeard] = useState<string | null>(null);
  const follow = (turns: readonly Turn[]) => (seconds: number, playing: boolean) => {
    const reached = turns.filter((turn) => {
      const place = placeOf(turn, recording);
      return place !== null && place.start <= seconds + NEARLY_S;
    });
    setHeard(playing ? (reached.at(-1)?.id ?? null) : null);
  };
  const playFrom = (turn: Turn) => {
    const place = placeOf(turn, recording);
    return place ? () => player.current?.seekTo(place.start) : undefined;
  };
  return { player, heard, follow, playFrom };
}
