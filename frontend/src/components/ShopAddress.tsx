/** What fits into a line of a small screen; what is longer may break, before its common end if that is enough. */
const LINE = 36;

/** A shop's address. It does not break at its hyphens. */
export function ShopAddress({ domain }: { domain: string }) {
  if (domain.length <= LINE) return <Whole text={domain} />;
  const end = domain.indexOf(".myshopify.com");
  if (end < 0) return domain;
  return (
    <>
      <Whole text={domain.slice(0, end)} />
      <wbr />
      <Whole text={domain.slice(end)} />
    </>
  );
}

function Whole({ text }: { text: string }) {
  return (
    <span style={text.length > LINE ? { overflowWrap: "anywhere" } : { whiteSpace: "nowrap" }}>{text}</span>
  );
}
