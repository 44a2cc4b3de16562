// The smallest program that converts a blob to a blob: node convert.js HOW IN OUT, where HOW is `same` (keeps the
// layout), `repack` (layout of dtc) or `nodes` (layout of dtc, from nodes and not directly from the blob).

import { readFileSync, writeFileSync } from 'node:fs';
import { readDtb, type Tree, writeDtb } from 'transplant/devicetree';

const ofNodes = ({ root, reservations, bootCpu }: Tree): Tree => ({ root, reservations, bootCpu });

const [how, from = '', to = ''] = process.argv.slice(2);
const dtb = readDtb(readFileSync(from), { file: from });
writeFileSync(to, how === 'nodes' ? writeDtb(ofNodes(dtb)) : writeDtb(dtb, { repack: how === 'repack' }));
