// An unmodified livekit-client whose TokenSource is the API's endpoint: what it is given, and whom it meets in the room.
async () => {
  const { Room, RoomEvent, TokenSource } = window.LivekitClient;
  const source = TokenSource.endpoint("/api/v1/sessions/default/token");
  const refusal = await source.fetch({ participantIdentity: "somebody-else" }).then(
    () => null,
    (error) => String(error),
  );

  const { serverUrl, participantToken } = await source.fetch({});
  const room = new Room();
  const coach = new Promise((met) => room.on(RoomEvent.ParticipantConnected, (one) => one.isAgent && met(one)));
  await room.connect(serverUrl, participantToken);
  const there = [...room.remoteParticipants.values()].find((one) => one.isAgent);
  const agent = there ?? (await coach);
  const seen = {
    refusal,
    state: room.state,
    identity: room.localParticipant.identity,
    agentKind: agent.isAgent,
  };
  await room.disconnect();
  return seen;
};
