import { g1 } from "./g1.ts";
import { g2 } from "./g2.ts";
import { g3 } from "./g3.ts";
import { g4 } from "./g4.ts";
import { g5 } from "./g5.ts";
import { g6 } from "./g6.ts";
import { g7 } from "./g7.ts";
import { g8 } from "./g8.ts";
import { g9 } from "./g9.ts";
import { g10 } from "./g10.ts";
import type { Guarantee, Mutation } from "./mutation.ts";

export { GUARANTEES, type Guarantee, type Mutation } from "./mutation.ts";

/** By the guarantee that the broken code does not keep. */
export const mutations: Readonly<Record<Guarantee, readonly Mutation[]>> = {
  G1: g1,
  G2: g2,
  G3: g3,
  G4: g4,
  G5: g5,
  G6: g6,
  G7: g7,
  G8: g8,
  G9: g9,
  G10: g10,
};
