import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { api } from "@/lib/api";
import { setCallState } from "@/lib/in-call";
import { preferencesQuery } from "@/lib/queries";
import { TalkEngine } from "./engine";
import { createPorts } from "./ports";
import type { TalkState } from "./types";

const TalkContext = createContext<TalkEngine | null>(null);

/** The engine in use; a call goes on when its provider is gone, as on the sign-in page, and the next one finds it. */
let lasting: TalkEngine | null = null;

function isGoingOn(engine: TalkEngine): boolean {
  const { phase } = engine.snapshot();
  return phase === "connecting" || phase === "in_call";
}

function watched(engine: TalkEngine): TalkEngine {
  engine.subscribe(() => {
    const { phase } = engine.snapshot();
    setCallState(phase === "connecting" || phase === "in_call" ? phase : "none");
  });
  return engine;
}

/** Keeps the call alive while the learner moves between pages. `engine` is given only by tests. */
export function TalkProvider({ children, engine: given }: { children: ReactNode; engine?: TalkEngine }) {
  const queries = useQueryClient();
  const [engine] = useState(() => {
    if (given) return given;
    if (lasting && isGoingOn(lasting)) return lasting;
    const ports = createPorts(async (patience) => {
      const saved = await api.updatePreferences({ patience });
      queries.setQueryData(preferencesQuery.queryKey, saved);
    });
    return watched(new TalkEngine(ports));
  });
  useEffect(() => {
    lasting = engine;
  }, [engine]);
  const { phase, settled } = useTalkState(engine);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known of calls is out of date after each step
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["session"] });
    void queries.invalidateQueries({ queryKey: ["calls"] });
  }, [phase, settled, queries]);

  return <TalkContext value={engine}>{children}</TalkContext>;
}

function useTalkState(engine: TalkEngine): TalkState {
  return useSyncExternalStore(engine.subscribe, engine.snapshot);
}

export function useTalkEngine(): TalkEngine {
  const engine = useContext(TalkContext);
  if (engine === null) throw new Error("useTalkEngine outside TalkProvider");
  return engine;
}

/** The call and the hand that moves it. */
export function useTalk(): { engine: TalkEngine; state: TalkState } {
  const engine = useTalkEngine();
  return { engine, state: useTalkState(engine) };
}
