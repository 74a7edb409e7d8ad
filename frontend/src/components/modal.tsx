import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

interface ModalProps {
  title: string;
  testId: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page, drawn while it is open; it gives the focus back. */
export function Modal({ title, testId, wide = false, onClose, children }: ModalProps) {
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
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`m-auto w-[calc(100%-2rem)] ${wide ? "max-w-3xl" : "max-w-xl"} rounded-card border border-line bg-surface p-5 text-ink shadow-xl backdrop:bg-black/60 sm:p-6`}
    >
      <div className="grid gap-4">
        <h2 id={id} className="text-2xl font-semibold">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
