// The smallest program that converts a blob to a blob: node convert.js HOW IN OUT, where HOW is `same` (laid out as it
// was), `repack` (laid out as dtc does) or `nodes` (as dtc does, and from the nodes: not straight from the blob).

import { readFileSync, writeFileSync } from 'node:fs';
import { readDtb, type Tree, writeDtb } from 'transplant/devicetree';

const ofNodes = ({ root, reservations, bootCpu }: Tree): Tree => ({ root, reservations, bootCpu });

const [how, from = '', to = ''] = process.argv.slice(2);
const dtb = readDtb(readFileSync(from), { file: from });
writeFileSync(to, how === 'nodes' ? writeDtb(ofNodes(dtb)) : writeDtb(dtb, { repack: how === 'repack' }));
