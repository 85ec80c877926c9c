// What the page knows: the places, and through whose eyes it looks at which channel.

export const state = {
  guilds: [],
  bot: "",
  guild: null,
  channel: null,
  member: null,
  unread: new Set(),
};

const watchers = new Set();

export const watch = (watcher) => watchers.add(watcher);

export function changed() {
  for (const watcher of watchers) watcher(state);
}

/** Take over new places, and stay where we are if that still exists. */
export function setPlaces(places) {
  state.guilds = places.guilds;
  state.bot = places.bot;
  const guild = state.guilds.find((each) => each.id === state.guild?.id) ?? state.guilds[0];
  if (guild) enter(guild, state.channel?.id, state.member?.id);
  changed();
}

export function enter(guild, channelId, memberId) {
  state.guild = guild;
  state.member = people().find((each) => each.id === memberId) ?? firstMember();
  const channels = visibleChannels();
  state.channel = channels.find((each) => each.id === channelId) ?? channels[0];
  state.unread.delete(state.channel?.id);
}

/** The members that one can act as, the moderator first; not the bot itself, and not the owner's account. */
export function people() {
  return state.guild.members.filter((each) => each.id !== state.bot && !each.owner).slice(0, 6);
}

function firstMember() {
  return people().find((each) => !each.moderator && !each.bot) ?? people()[0];
}

export function visibleChannels() {
  return state.guild.channels.filter((each) => !each.hidden_from.includes(state.member?.id));
}

export function nameOf(userId) {
  return state.guild.members.find((each) => each.id === userId)?.name ?? "?";
}
