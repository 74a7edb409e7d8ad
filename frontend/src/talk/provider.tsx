import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { api } from "@/lib/api";
import { preferencesQuery } from "@/lib/queries";
import { TalkEngine } from "./engine";
import { createPorts } from "./ports";
import type { TalkState } from "./types";

const TalkContext = createContext<TalkEngine | null>(null);

/** Keeps the call alive while the learner moves between pages. `engine` is given only by tests. */
export function TalkProvider({ children, engine: given }: { children: ReactNode; engine?: TalkEngine }) {
  const queries = useQueryClient();
  const [engine] = useState(
    () =>
      given ??
      new TalkEngine(
        createPorts(async (patience) => {
          const saved = await api.updatePreferences({ patience });
          queries.setQueryData(preferencesQuery.queryKey, saved);
        }),
      ),
  );
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
