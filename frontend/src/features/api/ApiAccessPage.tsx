import { BlockStack, Card, Page } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { Pager } from "~/components/Pager";
import { CardSkeleton, PageSkeleton } from "~/components/PageSkeleton";
import { usePaging } from "~/components/paging";
import { ApiAccessDocument } from "~/graphql/generated/graphql";
import { CreateToken } from "./CreateToken";
import { Developers } from "./Developers";
import { type Fresh, NewToken } from "./NewToken";
import { TokenList } from "./TokenList";

/** The keys by which programs reach this shop's part of the API. */
export default function ApiAccessPage() {
  const { t } = useTranslation();
  const paging = usePaging();
  const [{ data, error }, reload] = useQuery({
    query: ApiAccessDocument,
    variables: { after: paging.after },
  });
  const [creating, setCreating] = useState(false);
  const [fresh, setFresh] = useState<Fresh | null>(null);

  if (!data && !error) return <PageSkeleton />;
  const tokens = data?.apiTokens.edges.map((edge) => edge.node) ?? [];
  const create = { content: t("apiAccess.create"), onAction: () => setCreating(true) };
  const none = data && tokens.length === 0 && paging.index === 0;
  return (
    <Page
      title={t("apiAccess.title")}
      subtitle={t("apiAccess.subtitle")}
      backAction={{ content: t("menu.settings"), url: "/settings" }}
      primaryAction={data && !none ? create : undefined}
    >
      <BlockStack gap="400">
        {fresh && <NewToken token={fresh} onDone={() => setFresh(null)} />}
        {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
        {!data && <CardSkeleton />}
        {none && (
          <Card>
            <Nothing title={t("apiAccess.emptyTitle")} text={t("apiAccess.emptyText")} action={create} />
          </Card>
        )}
        {data && !none && (
          <BlockStack gap="300">
            <TokenList tokens={tokens} onRevoked={(id) => fresh?.id === id && setFresh(null)} />
            <Pager paging={paging} pageInfo={data.apiTokens.pageInfo} />
          </BlockStack>
        )}
        {data && <Developers {...data.app} />}
      </BlockStack>
      {creating && (
        <CreateToken
          onClose={() => setCreating(false)}
          onCreated={(token) => {
            setCreating(false);
            paging.reset();
            setFresh(token);
          }}
        />
      )}
    </Page>
  );
}
