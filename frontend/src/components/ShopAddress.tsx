/** A shop's address, which breaks before its common end where it has to, and not in the middle of it. */
export function ShopAddress({ domain }: { domain: string }) {
  const end = domain.indexOf(".myshopify.com");
  if (end < 0) return domain;
  return (
    <>
      {domain.slice(0, end)}
      <wbr />
      {domain.slice(end)}
    </>
  );
}
