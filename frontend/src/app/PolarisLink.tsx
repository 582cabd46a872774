import type { LinkLikeComponentProps } from "@shopify/polaris/build/ts/src/utilities/link";
import { Link } from "react-router";

/** Polaris' links and link buttons go through the page's router; what leads elsewhere stays an ordinary link. */
export function PolarisLink({ url, external, target, download, children, ...rest }: LinkLikeComponentProps) {
  if (external || download || !url.startsWith("/")) {
    return (
      <a href={url} download={download} target={target ?? "_blank"} rel="noopener noreferrer" {...rest}>
        {children}
      </a>
    );
  }
  return (
    <Link to={url} {...rest}>
      {children}
    </Link>
  );
}
