/** A longer part does not fit on a small screen, and may break anywhere. */
const LONGEST = 32;

/** A shop's address, which breaks before its common end where it has to, and within a part only where that is too long. */
export function ShopAddress({ domain }: { domain: string }) {
  const end = domain.indexOf(".myshopify.com");
  if (end < 0) return domain;
  return (
    <>
      <Part text={domain.slice(0, end)} />
      <wbr />
      <Part text={domain.slice(end)} />
    </>
  );
}

function Part({ text }: { text: string }) {
  return (
    <span style={text.length > LONGEST ? { overflowWrap: "anywhere" } : { whiteSpace: "nowrap" }}>
      {text}
    </span>
  );
}
