import type { Role } from "~/graphql/generated/graphql";

const OWN = "var(--p-color-bg-fill-brand)";
const OTHER = "var(--p-color-icon-disabled)";

/** One shop that feeds three; the reader's own shop is the dark one. */
export function RolePicture({ role }: { role: Role }) {
  const main = role === "MAIN";
  return (
    <svg viewBox="0 0 280 130" width="100%" height="130" aria-hidden="true" focusable="false">
      {[20, 55, 90].map((y, index) => (
        <g key={y}>
          <path
            d={`M98 65 C 140 65, 140 ${y + 10}, 182 ${y + 10}`}
            fill="none"
            stroke={main || index === 1 ? OWN : OTHER}
            strokeWidth="2.5"
            strokeDasharray="1 7"
            strokeLinecap="round"
          />
          <Shop x={190} y={y - 4} size={28} color={!main && index === 1 ? OWN : OTHER} />
        </g>
      ))}
      <Shop x={38} y={36} size={58} color={main ? OWN : OTHER} />
    </svg>
  );
}

/** A shop front with an awning, in a square of `size`. */
function Shop({ x, y, size, color }: { x: number; y: number; size: number; color: string }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size / 24})`} fill={color}>
      <path d="M3 3h18l2 6a3.4 3.4 0 0 1-5.5 2.2A3.6 3.6 0 0 1 12 11.300a3.600 3.600 0 0 1-5.500-.1A3.400 3.400 0 0 1 1 9z" />
      <path
        d="M3 13.300V22h11v-6h4v6h3v-8.700a5.500 5.500 0 0 1-3.500-.600 5.800 5.800 0 0 1-5.500 0 5.800 5.800 0 0 1-5.500 0A5.500 5.500 0 0 1 3 13.300M6 16h5v3.500H6z"
        fillRule="evenodd"
      />
    </g>
  );
}
