interface VisualTableProps {
  /** The first row is the heading. */
  rows: readonly (readonly string[])[];
  /** The id of what names it. */
  labelledBy: string;
}

/** A table that a lesson shows. */
export function VisualTable({ rows: [heading = [], ...rows], labelledBy }: VisualTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is moved sideways with the keyboard
    <div className="w-full overflow-x-auto" tabIndex={0}>
      <table aria-labelledby={labelledBy} className="w-full text-start">
        <thead>
          <tr>
            {heading.map((cell) => (
              <th
                key={cell}
                scope="col"
                className="border-b border-line px-2 py-1.5 text-start font-semibold"
              >
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((cell, place) => (
                <td key={`${heading[place] ?? ""} ${cell}`} className="border-b border-line px-2 py-1.5">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
