import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { FileText, LogOut, School, Settings2, UserRound } from "lucide-react";
import { useTranslation } from "@/i18n";
import { ITEM } from "./settings-menu";

interface AccountPagesProps {
  administers: boolean;
  leadsSchool: boolean;
  onGo: () => void;
}

/** The lines of the menu that lead to pages of who is signed in. */
export function AccountPages({ administers, leadsSchool, onGo }: AccountPagesProps) {
  const { t } = useTranslation();
  return (
    <>
      <li>
        <Link to="/account" className={ITEM} onClick={onGo}>
          <UserRound aria-hidden className="size-4" />
          {t("app.account")}
        </Link>
      </li>
      <li>
        <Link to="/documents" className={ITEM} onClick={onGo}>
          <FileText aria-hidden className="size-4" />
          {t("app.documents")}
        </Link>
      </li>
      {leadsSchool && (
        <li>
          <Link to="/school/$part" params={{ part: "programs" }} className={ITEM} onClick={onGo}>
            <School aria-hidden className="size-4" />
            {t("app.school")}
          </Link>
        </li>
      )}
      {administers && (
        <li>
          <Link to="/admin" className={ITEM} onClick={onGo}>
            <Settings2 aria-hidden className="size-4" />
            {t("app.administration")}
          </Link>
        </li>
      )}
    </>
  );
}

/** The way out. */
export function SignOut({ onSignOut }: { onSignOut: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      onClick={onSignOut}
      className={clsx(ITEM, "mt-1 w-full border-t border-line font-semibold")}
    >
      <LogOut aria-hidden className="size-4 rtl:-scale-x-100" />
      {t("app.signOut")}
    </button>
  );
}
