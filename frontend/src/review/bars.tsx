interface BarsProps {
  values: readonly number[];
  label: string;
}

const WIDTH = 10;
const GAP = 3;
const HEIGHT = 28;

/** A few bars beside a figure; what they say is in the label. */
export function Bars({ values, label }: BarsProps) {
  const most = Math.max(...values, 0.1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${values.length * (WIDTH + GAP) - GAP} ${HEIGHT}`}
      className="h-7 w-auto shrink-0"
    >
      {values.map((value, place) => {
        const height = Math.max(2, (value / most) * HEIGHT);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
            key={place}
            x={place * (WIDTH + GAP)}
            y={HEIGHT - height}
            width={WIDTH}
            height={height}
            rx={2}
            className={value > 0 ? "fill-coach" : "fill-line"}
          />
        );
      })}
    </svg>
  );
}
