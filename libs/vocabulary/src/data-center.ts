/**
 * The data center of a destination org. Pages go to the paging host, all other calls to the API host.
 *
 * `name` is what a connection stores (`EU1`); `apiUrl` and `pagingUrl` are origins without a trailing slash.
 * Source: Datadog's site table. Operators add data centers by configuration; callers never supply a URL.
 */
export interface DataCenter {
  readonly name: string;
  readonly site: string;
  readonly location: string;
  readonly apiUrl: string;
  readonly pagingUrl: string;
}

export const dataCenterNamePattern = '^[A-Z][A-Z0-9-]{1,31}$';

const datadog = (name: string, location: string, site: string, pagingHost: string): DataCenter => ({
  name,
  site,
  location,
  apiUrl: `https://api.${site}`,
  pagingUrl: `https://${pagingHost}`,
});

/** Datadog's commercial sites. The US government sites are missing, since their paging hosts are not known. */
export const datadogDataCenters: readonly DataCenter[] = [
  datadog('US1', 'United States (East)', 'datadoghq.com', 'navy.oncall.datadoghq.com'),
  datadog('US3', 'United States (West)', 'us3.datadoghq.com', 'teal.oncall.datadoghq.com'),
  datadog('US5', 'United States (Central)', 'us5.datadoghq.com', 'coral.oncall.datadoghq.com'),
  datadog('EU1', 'Germany', 'datadoghq.eu', 'beige.oncall.datadoghq.eu'),
  datadog('AP1', 'Japan', 'ap1.datadoghq.com', 'saffron.oncall.datadoghq.com'),
  datadog('AP2', 'Australia', 'ap2.datadoghq.com', 'lava.oncall.datadoghq.com'),
  datadog('UK1', 'London', 'uk1.datadoghq.com', 'scarlet.oncall.datadoghq.com'),
];
