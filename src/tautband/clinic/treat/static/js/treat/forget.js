// Signed out or locked: no page of a session stays on this device. What the server does not have yet is not touched.

import { forgetKept } from "./keep.js";
import { forgetSent } from "./shelf.js";

forgetKept();
forgetSent();
