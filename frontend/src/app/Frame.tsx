import { Page } from "@shopify/polaris";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { PageSkeleton } from "~/components/PageSkeleton";
import { SelfDocument } from "~/graphql/generated/graphql";
import { ConnectionNotice } from "./ConnectionNotice";
import { Footer } from "./Footer";
import { useRecovery } from "./recovery";
import { SelfContext } from "./self";

/** What surrounds every screen: who we are, the menu in Shopify's own side bar, notices, help. */
export function Frame({ children }: { children: ReactNode }) {
  const [{ data, error }, reload] = useQuery({ query: SelfDocument });
  useAdminNavigation();
  useRecovery();

  const refresh = () => reload({ requestPolicy: "network-only" });
  if (!data) {
    return error ? (
      <>
        <Page>
          <FailureBanner error={error} retry={refresh} />
        </Page>
        <Footer />
      </>
    ) : (
      <PageSkeleton />
    );
  }
  const hasPlans = data.plans.length > 1;
  return (
    <SelfContext.Provider value={{ shop: data.shop, app: data.app, hasPlans, refresh }}>
      <Menu hasRole={data.shop.role !== null} hasPlans={hasPlans} />
      <main>{children}</main>
      <footer>
        <Footer />
      </footer>
      <ConnectionNotice />
    </SelfContext.Provider>
  );
}

function Menu({ hasRole, hasPlans }: { hasRole: boolean; hasPlans: boolean }) {
  const { t } = useTranslation();
  return (
    <ui-nav-menu>
      <Link to="/" rel="home">
        {t("menu.dashboard")}
      </Link>
      {hasRole && <Link to="/jobs">{t("menu.jobs")}</Link>}
      {hasRole && <Link to="/products">{t("menu.products")}</Link>}
      {hasRole && hasPlans && <Link to="/plan">{t("plan.menu")}</Link>}
      {hasRole && <Link to="/settings">{t("menu.settings")}</Link>}
    </ui-nav-menu>
  );
}

/** App Bridge announces clicks in Shopify's menu as an event; answered by the router, the page is not loaded again. */
function useAdminNavigation(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = (event: Event): void => {
      const path = event.target instanceof Element ? event.target.getAttribute("href") : null;
      if (path?.startsWith("/")) {
        event.preventDefault();
        navigate(path);
      }
    };
    document.addEventListener("shopify:navigate", follow);
    return () => document.removeEventListener("shopify:navigate", follow);
  }, [navigate]);
}
