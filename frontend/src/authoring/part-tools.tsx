import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useTranslation } from "@/i18n";
import { IconButton } from "@/review/icon-button";
import { useEditor } from "./editor";
import { at, moved, type Place } from "./lesson";

interface PartToolsProps {
  /** The list in which it stands. */
  list: Place;
  index: number;
  /** What it is called, for those who hear it. */
  name: string;
  least?: number;
}

/** Moves a part up or down in its list, or takes it out. */
export function PartTools({ list, index, name, least = 0 }: PartToolsProps) {
  const { t } = useTranslation();
  const { content, set } = useEditor();
  const items = (at(content, list) ?? []) as unknown[];
  const move = (by: -1 | 1) => set(list, moved(items, index, by));
  return (
    <div className="flex shrink-0">
      <IconButton
        icon={ArrowUp}
        label={t("authoring.moveUp", { name })}
        disabled={index === 0}
        className="disabled:opacity-40"
        onClick={() => move(-1)}
      />
      <IconButton
        icon={ArrowDown}
        label={t("authoring.moveDown", { name })}
        disabled={index === items.length - 1}
        className="disabled:opacity-40"
        onClick={() => move(1)}
      />
      <IconButton
        icon={Trash2}
        label={t("authoring.removePart", { name })}
        disabled={items.length <= least}
        className="disabled:opacity-40"
        onClick={() => set(list, items.toSpliced(index, 1))}
      />
    </div>
  );
}
