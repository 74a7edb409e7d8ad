import { Button } from "@/components/button";
import { Modal } from "@/components/modal";
import { useTranslation } from "@/i18n";

const SHORTCUTS = [
  { keys: ["␣"], label: "review.shortcut_play" },
  { keys: ["J"], label: "review.shortcut_next" },
  { keys: ["K"], label: "review.shortcut_previous" },
  { keys: ["P"], label: "review.shortcut_hear" },
  { keys: ["C"], label: "review.shortcut_comment" },
  { keys: ["F"], label: "review.shortcut_flag" },
  { keys: ["B"], label: "review.shortcut_bookmark" },
  { keys: ["T"], label: "review.shortcut_timings" },
  { keys: ["?"], label: "review.shortcut_help" },
] as const;

/** What the keys do on a call's page. */
export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal title={t("review.shortcutsTitle")} testId="shortcuts" width="narrow" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {SHORTCUTS.map(({ keys, label }) => (
          <div key={label} className="contents">
            <dt>
              {keys.map((key) => (
                <kbd
                  key={key}
                  translate="no"
                  className="grid min-w-9 place-items-center rounded-lg border border-line bg-sunken px-2 py-1 font-sans font-semibold"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={onClose} className="justify-self-end">
        {t("review.close")}
      </Button>
    </Modal>
  );
}
