// A grant names channels or takes all of them; an owner has all, whatever was granted before.

export interface Grant { readonly allChannels: boolean; readonly channelIds: readonly string[] }

/** The channels that a grant opens to a role. */
export const channelsOf = (role: string, grant: Grant): 'all' | string[] => (role === 'OWNER' || grant.allChannels ? 'all' : [...grant.channelIds]);

/** Whether a grant says two things at once: all channels and some, or some to an owner. */
export const contradicts = (role: string, grant: Grant): boolean => grant.channelIds.length > 0 && channelsOf(role, grant) === 'all';
