/** Registers <tb-pain-painter>. Loaded only on pages with a drawing, and only where the body can be shown. */

import { PainPainter } from "./painter";

if (!customElements.get("tb-pain-painter")) customElements.define("tb-pain-painter", PainPainter);
