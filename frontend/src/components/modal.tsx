import clsx from "clsx";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

const WIDTHS = { narrow: "max-w-md", usual: "max-w-xl", wide: "max-w-3xl" } as const;

interface ModalProps {
  title: string;
  testId?: string;
  width?: keyof typeof WIDTHS;
  /** The id of what is read out with the title. */
  describedBy?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page, drawn while it is open; Escape asks to close it, and it gives the focus back. */
export function Modal({ title, testId, width = "usual", describedBy, onClose, children }: ModalProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      aria-labelledby={id}
      aria-describedby={describedBy}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={clsx(
        "m-auto w-[calc(100%-2rem)] rounded-card border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/60 sm:p-6",
        WIDTHS[width],
      )}
    >
      <div className="grid gap-4">
        <h2 id={id} className="text-2xl font-semibold wrap-anywhere">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
