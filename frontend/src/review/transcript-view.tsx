import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "@/i18n";
import type { Turn } from "@/lib/api";

const LIKELY_HEIGHT = 110;
const BEYOND = 6;
/** Room for the player, which stays at the top of a small screen. */
const TOP_ROOM = 16;

export interface TranscriptHandle {
  /** Brings a turn into view. */
  show(index: number): void;
}

interface TranscriptViewProps {
  turns: readonly Turn[];
  active: number | null;
  heard: number | null;
  children: (turn: Turn, index: number) => ReactNode;
  /** A word was pressed, said so many seconds into its turn. */
  onWord: (turnId: string, second: number) => void;
  ref?: Ref<TranscriptHandle>;
}

/** All turns, of which only those in view are drawn; the page scrolls, not a box within it. */
export function TranscriptView({ turns, active, heard, children, onWord, ref }: TranscriptViewProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const scroller = () => document.getElementById("content");
  const virtualizer = useVirtualizer({
    count: turns.length,
    getScrollElement: scroller,
    estimateSize: () => LIKELY_HEIGHT,
    overscan: BEYOND,
    scrollMargin: margin,
    scrollPaddingStart: TOP_ROOM,
    scrollPaddingEnd: TOP_ROOM,
    getItemKey: (index) => turns[index]?.id ?? index,
  });
  useImperativeHandle(ref, () => ({ show: (index) => virtualizer.scrollToIndex(index, { align: "auto" }) }));

  // What stands above the list may grow; where the list begins is measured after each drawing.
  useLayoutEffect(() => {
    const box = list.current;
    const around = scroller();
    if (box === null || around === null) return;
    const begins = Math.round(
      box.getBoundingClientRect().top - around.getBoundingClientRect().top + around.scrollTop,
    );
    if (begins !== margin) setMargin(begins);
  });
  useWordPress(list, onWord);

  return (
    <ol
      ref={list}
      aria-label={t("review.transcript")}
      data-testid="turns"
      style={{ height: virtualizer.getTotalSize() }}
      className="relative"
    >
      {virtualizer.getVirtualItems().map((item) => {
        const turn = turns[item.index];
        if (turn === undefined) return null;
        return (
          <li
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            data-role={turn.role}
            data-heard={item.index === heard || undefined}
            aria-setsize={turns.length}
            aria-posinset={item.index + 1}
            aria-current={item.index === active || undefined}
            style={{ transform: `translateY(${item.start - margin}px)` }}
            className="absolute inset-x-0 top-0 grid gap-2 pb-3"
          >
            {children(turn, item.index)}
          </li>
        );
      })}
    </ol>
  );
}

/** A press on a word. Words are no buttons, so that they can be marked; the keys play whole turns. */
function useWordPress(
  list: { current: HTMLElement | null },
  onWord: (turnId: string, second: number) => void,
): void {
  const latest = useRef(onWord);
  useEffect(() => {
    latest.current = onWord;
  });
  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    const press = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || window.getSelection()?.isCollapsed === false) return;
      const second = event.target.closest<HTMLElement>("[data-second]")?.dataset.second;
      const turnId = event.target.closest<HTMLElement>("[data-turn-text]")?.dataset.turnText;
      if (second !== undefined && turnId !== undefined) latest.current(turnId, Number(second));
    };
    box.addEventListener("click", press);
    return () => box.removeEventListener("click", press);
  }, [list]);
}
