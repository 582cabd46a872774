const PART = { display: "inline-block", maxInlineSize: "100%" } as const;

/** A shop's address, which breaks before its common end where it has to, and within a part only where that is too long. */
export function ShopAddress({ domain }: { domain: string }) {
  const end = domain.indexOf(".myshopify.com");
  if (end < 0) return domain;
  return (
    <>
      <span style={PART}>{domain.slice(0, end)}</span>
      <wbr />
      <span style={PART}>{domain.slice(end)}</span>
    </>
  );
}
