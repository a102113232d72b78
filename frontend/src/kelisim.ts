// The script of every page. All of them work without it; it adds signing with
// the tools on this computer and the phone, news without reloading, and printing.

import { enhanceForms } from "./form";
import { follow } from "./live";

/** Brings to life what stands in `root`. */
function enhance(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-script]")) {
    element.hidden = false;
  }
  for (const button of root.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  enhanceForms(root);
}

enhance(document);
follow(enhance);
