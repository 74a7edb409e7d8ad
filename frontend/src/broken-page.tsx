import { Button } from "./components/button";
import { Empty } from "./components/states";
import { useTranslation } from "./i18n";

/** When even the parts of a page did not come, as after an update or without a network. */
export function BrokenPage() {
  const { t } = useTranslation();
  return (
    <main className="grid min-h-full place-items-center">
      <Empty
        level="h1"
        title={t("app.updateTitle")}
        body={t("app.updateBody")}
        action={<Button onClick={() => window.location.reload()}>{t("common.reload")}</Button>}
      />
    </main>
  );
}
