import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";

/** So near the end that the reader is still following. */
const NEAR_PX = 56;

/** Scrolls to the newest words by itself, and stops doing so while the reader has gone up to read. */
export function useStickToEnd(
  box: RefObject<HTMLElement | null>,
  content: unknown,
): { following: boolean; onScroll: () => void; toEnd: () => void } {
  const [following, setFollowing] = useState(true);

  const onScroll = useCallback(() => {
    const element = box.current;
    if (element === null) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX);
  }, [box]);

  const toEnd = useCallback(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
    setFollowing(true);
  }, [box]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is what moves the end
  useLayoutEffect(() => {
    const element = box.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [box, content, following]);

  // A keyboard that opens or a notice that comes takes height away: the end stays in view.
  useEffect(() => {
    const element = box.current;
    if (!following || element === null) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, following]);

  return { following, onScroll, toEnd };
}
