import { ChevronDown, Plus } from "lucide-react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { Exchange } from "./authoring-api";
import { Choice, Spot, useEditor, Words } from "./editor";
import { type Place, WANTS } from "./lesson";
import { PartTools } from "./part-tools";

const MOST_REACTIONS = 12;

interface ExchangeFormProps {
  list: Place;
  index: number;
  exchange: Exchange;
}

/** One thing that the coach says, what helps the learner to answer, and what the coach says then. */
export function ExchangeForm({ list, index, exchange }: ExchangeFormProps) {
  const { t } = useTranslation();
  const place = [...list, index];
  const name = t("authoring.exchangeNumber", { number: index + 1 });
  const wants = WANTS.map((value) => ({ value, label: t(`authoring.wants_${value}`) }));
  return (
    <li className="grid gap-3 rounded-2xl bg-sunken p-3 sm:p-4" data-testid="exchange">
      <Spot place={place}>
        <div className="flex items-start justify-between gap-2">
          <h5 className="pt-2 font-semibold">{name}</h5>
          <PartTools list={list} index={index} name={name} least={1} />
        </div>
      </Spot>
      <Words
        place={[...place, "say"]}
        label={t("authoring.say")}
        hint={t("authoring.sayHint")}
        rows={2}
        most={600}
      />
      <div className="grid gap-3 lg:grid-cols-2">
        <Words
          place={[...place, "model"]}
          label={t("authoring.model")}
          hint={t("authoring.modelHint")}
          rows={2}
        />
        <Words
          place={[...place, "otherwise"]}
          label={t("authoring.otherwise")}
          hint={t("authoring.otherwiseHint")}
          rows={2}
        />
        <Words
          place={[...place, "nudge"]}
          label={t("authoring.nudge")}
          hint={t("authoring.nudgeHint")}
          rows={2}
        />
        <Words
          place={[...place, "easier"]}
          label={t("authoring.easier")}
          hint={t("authoring.easierHint")}
          rows={2}
        />
      </div>
      <Choice place={[...place, "wants"]} label={t("authoring.wants")} options={wants} />
      <Reactions place={[...place, "hear"]} hear={exchange.hear} />
    </li>
  );
}

function Reactions({ place, hear }: { place: Place; hear: Exchange["hear"] }) {
  const { t } = useTranslation();
  const { set } = useEditor();
  return (
    <details className="group grid gap-3 rounded-xl border border-line bg-surface px-3 py-1 open:pb-3">
      <summary className="flex min-h-11 cursor-pointer items-center justify-between gap-2 font-semibold">
        {t("authoring.reactions", { count: hear.length })}
        <ChevronDown aria-hidden className="size-5 group-open:rotate-180" />
      </summary>
      <p className="mb-3 text-sm text-quiet">{t("authoring.reactionsHint")}</p>
      <ul className="grid gap-3">
        {hear.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a reaction has no name of its own
          <li key={index} className="grid gap-2 rounded-xl border border-line p-3">
            <div className="flex justify-end">
              <PartTools
                list={place}
                index={index}
                name={t("authoring.reactionNumber", { number: index + 1 })}
              />
            </div>
            <Words
              place={[...place, index, "if"]}
              label={t("authoring.heard")}
              hint={t("authoring.heardHint")}
              most={600}
            />
            <Words place={[...place, index, "say"]} label={t("authoring.reactionSays")} rows={2} />
          </li>
        ))}
      </ul>
      {hear.length < MOST_REACTIONS && (
        <Button look="quiet" className="mt-2" onClick={() => set(place, [...hear, { if: "", say: "" }])}>
          <Plus aria-hidden className="size-4" />
          {t("authoring.addReaction")}
        </Button>
      )}
    </details>
  );
}
