import { type KnownLine, printedBy } from './known-line.ts';

type Line = Omit<KnownLine, 'source'>;

/** Trouble of an adapter, which drivers print behind its driver and unit. */
function failed(
  driver: string,
  name: string,
  level: KnownLine['level'],
  text: string,
  meaning: string,
): Line {
  const pattern = device(driver, text);
  return {
    name: `${driver}-${name}`,
    level,
    pattern,
    weight: 'trouble',
    meaning,
    rule: 'adapter-trouble',
    subject: `${driver} $1`,
  };
}

function harmless(
  driver: string,
  name: string,
  level: KnownLine['level'],
  text: string,
  meaning: string,
): Line {
  return { name: `${driver}-${name}`, level, pattern: device(driver, text), weight: 'harmless', meaning };
}

function note(
  driver: string,
  name: string,
  level: KnownLine['level'],
  text: string,
  meaning: string,
  weight: 'step' | 'notable' = 'notable',
): Line {
  return { name: `${driver}-${name}`, level, pattern: device(driver, text), weight, meaning };
}

/** The hypervisor's message to a client adapter that its partition has moved. */
function moved(driver: string, text: string): Line {
  return {
    name: `${driver}-moved`,
    level: 'info',
    pattern: device(driver, text),
    weight: 'step',
    meaning:
      'The hypervisor reports to adapter $1 that the partition has moved; the driver connects it anew. This proves the move.',
    proves: 'moved',
  };
}

/** `ibmvfc 30000003: `; network drivers add the interface's name. */
function device(driver: string, text: string): RegExp {
  return new RegExp(`^${driver} (\\S+?)(?: [^:]+)?: ${text}$`);
}

const RETRIES = 'The other side has closed its queue, as it does in a migration; the driver sends again.';

const fibreChannel = printedBy('drivers/scsi/ibmvscsi/ibmvfc.c', [
  moved('ibmvfc', 'Partition migrated, Re-enabling adapter'),
  note(
    'ibmvfc',
    'partner',
    'info',
    'Partner initializ(?:ed|ation complete)',
    'The connection of $1 to its Virtual I/O Server is made.',
    'step',
  ),
  note(
    'ibmvfc',
    'host',
    'info',
    'Host partition: (.*), device: (.*) max sectors (\\d+)',
    '$1 is served by partition $2, device $3.',
    'step',
  ),
  harmless('ibmvfc', 'queue-closed', 'warn', 'Send warning\\. Receive queue closed, will retry\\.', RETRIES),
  note(
    'ibmvfc',
    'not-ready',
    'warn',
    'Partner adapter not ready',
    'The Virtual I/O Server has not connected its side of $1 yet.',
  ),
  failed(
    'ibmvfc',
    'enable-failed',
    'err',
    'Error (?:after enable|after reset|enabling adapter) \\(rc=(-?\\d+)\\)',
    'Adapter $1 could not be enabled again (status $2): its disks are not reachable through it.',
  ),
  failed(
    'ibmvfc',
    'partner-failed',
    'err',
    'Host partner adapter deregistered or failed \\(rc=(-?\\d+)\\)',
    'The Virtual I/O Server has ended its side of $1 (status $2): its disks are not reachable through it until it is back.',
  ),
  failed(
    'ibmvfc',
    'offline',
    'err',
    'Host initialization retries exceeded\\. Taking adapter offline',
    'Adapter $1 was given up: its disks are not reachable through it.',
  ),
  failed(
    'ibmvfc',
    'queue-failed',
    'err',
    "(?:Couldn't (?:initialize|register) (?:crq|sub-crq\\[\\d+\\] irq)\\.?|Couldn't register crq|Error registering sub-crq:|Unable to send init rsp\\.|Send error|Error \\d+ (?:opening adapter|enabling interrupts)|Channel Setup failed|Channel Enquiry failed|NPIV Login failed|Discover Targets failed).*",
    'Adapter $1 did not connect to its Virtual I/O Server.',
  ),
  failed(
    'ibmvfc',
    'reset',
    'err',
    '(?:Initiating host LIP|Command timed out \\(\\S+\\))\\. Resetting connection|Resetting connection due to error recovery',
    'A command on $1 was not answered in time; the driver makes the connection anew.',
  ),
]);

const scsi = printedBy('drivers/scsi/ibmvscsi/ibmvscsi.c', [
  moved('ibmvscsi', 'Re-enabling adapter!'),
  note(
    'ibmvscsi',
    'partner',
    'info',
    'partner initializ(?:ed|ation complete)',
    'The connection of $1 to its Virtual I/O Server is made.',
    'step',
  ),
  note(
    'ibmvscsi',
    'host',
    'info',
    'host srp version: (\\S+), host partition (.*) \\((\\d+)\\), OS (\\d+), max io (\\d+)',
    '$1 is served by partition $3.',
    'step',
  ),
  note(
    'ibmvscsi',
    'login',
    'info',
    '(?:SRP_LOGIN succeeded|sent SRP login|SRP_VERSION: .*|Client reserve (?:enabled|not supported)|Maximum ID: .*)',
    'The driver logs $1 in at its Virtual I/O Server.',
    'step',
  ),
  harmless(
    'ibmvscsi',
    'queue-closed',
    'warn',
    'send warning\\. Receive queue closed, will retry\\.',
    RETRIES,
  ),
  note(
    'ibmvscsi',
    'not-migratable',
    'info',
    'Partition migration not supported',
    'The Virtual I/O Server of $1 does not support migration: the next migration will be refused while this adapter is there.',
  ),
  note(
    'ibmvscsi',
    'not-ready',
    'warn',
    'Partner adapter not ready',
    'The Virtual I/O Server has not connected its side of $1 yet.',
  ),
  failed(
    'ibmvscsi',
    'partner-failed',
    'err',
    'Virtual adapter failed rc (-?\\d+)!',
    'The Virtual I/O Server has ended its side of $1 (status $2): its disks are not reachable through it until it is back.',
  ),
  failed(
    'ibmvscsi',
    'queue-failed',
    'err',
    "(?:couldn't (?:initialize|register) (?:crq|irq).*|Unable to send init rsp\\. .*|send error -?\\d+|SRP_LOGIN_REJ reason \\d+|Error \\d+ (?:opening|enabling) adapter|error after (?:reset|enable|unknown action).*)",
    'Adapter $1 did not connect to its Virtual I/O Server.',
  ),
  failed(
    'ibmvscsi',
    'reset',
    'err',
    'Command timed out \\(\\S+\\)\\. Resetting connection|Resetting connection due to error recovery',
    'A command on $1 was not answered in time; the driver makes the connection anew.',
  ),
]);

const network = printedBy('drivers/net/ethernet/ibm/ibmvnic.c', [
  moved('ibmvnic', 'Migrated, re-enabling adapter'),
  note(
    'ibmvnic',
    'partner',
    'info',
    '(?:Partner initializ(?:ed|ation complete)|Partner protocol version is \\d+|ibmvnic registered)',
    'The connection of $1 to its Virtual I/O Server is made.',
    'step',
  ),
  note(
    'ibmvnic',
    'failover',
    'info',
    'Backing device failover detected',
    'Another backing device of the Virtual I/O Servers takes over for $1.',
  ),
  note(
    'ibmvnic',
    'queue-closed',
    'warn',
    'CRQ Queue closed',
    'The Virtual I/O Server has closed the queue of $1, as it does in a migration or failover; the driver resets the adapter.',
  ),
  harmless(
    'ibmvnic',
    'queue-inactive',
    'warn',
    'Invalid request detected while CRQ is inactive, possible device state change during reset',
    'A request came while $1 was being reset, which a migration causes; the driver repeats it afterwards.',
  ),
  harmless(
    'ibmvnic',
    'send-failed',
    'err',
    '(?:send_subcrq_indirect|send_subcrq_direct|ibmvnic_\\w+)(?: failed)?(?:: .*)?',
    'A packet could not be sent while $1 was being reset, which a migration causes.',
  ),
  harmless(
    'ibmvnic',
    'tx-failed',
    'err',
    '(?:tx: send failed|rx: replenish packet buffer failed|tx error [0-9a-f]+)',
    'A packet could not be sent or received while $1 was being reset, which a migration causes.',
  ),
  note(
    'ibmvnic',
    'not-ready',
    'warn',
    'Partner adapter not ready(?:, waiting\\.)?',
    'The Virtual I/O Server has not connected its side of $1 yet.',
  ),
  note(
    'ibmvnic',
    'recovery',
    'warn',
    'Firmware reports (?:FATAL )?error, cause: (.+)\\. Starting recovery\\.\\.\\.',
    'Firmware reports an error of $1 ($2); the driver resets the adapter.',
  ),
  failed(
    'ibmvnic',
    'partner-failed',
    'err',
    'Virtual Adapter failed \\(rc=(-?\\d+)\\)',
    'The Virtual I/O Server has ended its side of $1 (status $2): the network is not reachable through it until it is back.',
  ),
  failed(
    'ibmvnic',
    'login-failed',
    'warn',
    '(?:Login attempts exceeded|Login timed out|Capabilities query timed out|Adapter login failed, init_done_rc = -?\\d+|login recovery: .*|SCRQ (?:irq )?initialization failed)',
    'Adapter $1 could not log in at its Virtual I/O Server.',
  ),
  failed(
    'ibmvnic',
    'queue-failed',
    'err',
    "(?:(?:Reset )?[Cc]ouldn't initialize crq\\. rc=-?\\d+|Initialization sequence timed out|Initialization of sub crqs failed.*|Failed to (?:send init request|initialize sub crq irqs).*|CRQ-init failed.*|Send crq init failed.*|Error enabling adapter \\(rc=-?\\d+\\)|Error -?\\d+ (?:opening adapter|enabling interrupts)|Couldn't register crq \\(rc=-?\\d+\\)|failed to initialize resources|Error -?\\d+ scheduling failover reset|Device down!)",
    'Adapter $1 did not connect to its Virtual I/O Server: the network is not reachable through it.',
  ),
  failed(
    'ibmvnic',
    'login-inconsistent',
    'err',
    'FATAL: (?:Inconsistent login and login rsp|Login rsp offsets/lengths invalid)',
    'The Virtual I/O Server answered the login of $1 with what it was not asked for.',
  ),
]);

const ethernet = printedBy('drivers/net/ethernet/ibm/ibmveth.c', [
  failed(
    'ibmveth',
    'register-failed',
    'err',
    '(?:h_register_logical_lan failed with (-?\\d+)|unable to (?:map|request) .*)',
    'Adapter $1 could not be opened: the network is not reachable through it.',
  ),
  note(
    'ibmveth',
    'send-failed',
    'err',
    'tx: h_send_logical_lan failed with rc=(-?\\d+)',
    'A packet of $1 was not sent (status $2).',
  ),
]);

const disks = printedBy('drivers/scsi', [
  {
    name: 'disk-reset',
    level: 'info',
    pattern: /^sd (\S+): Power-on or device reset occurred$/,
    weight: 'harmless',
    meaning:
      'Disk $1 reports that it was reset, as every disk does after its adapter has been connected anew.',
  },
]);

const dma = printedBy('arch/powerpc/kernel/iommu.c', [
  {
    name: 'tces-left',
    level: 'warn',
    pattern: /^(\S+): Unexpected TCEs(?: for .*)?$/,
    weight: 'notable',
    meaning: 'A DMA window was freed while a device still had pages mapped in it.',
  },
]);

const dmaWindows = printedBy('arch/powerpc/platforms/pseries/iommu.c', [
  {
    name: 'tce-failed',
    level: 'err',
    pattern: /^(tce_\w+pSeriesLP): plpar_tce_(?:put|stuff|get) failed\b.*$/,
    weight: 'trouble',
    meaning: 'The hypervisor refused to map or unmap a page for a device ($1).',
    rule: 'adapter-trouble',
    subject: 'DMA window',
  },
]);

export const adapterLines = [
  ...fibreChannel,
  ...scsi,
  ...network,
  ...ethernet,
  ...disks,
  ...dma,
  ...dmaWindows,
];
