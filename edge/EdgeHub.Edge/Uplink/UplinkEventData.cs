namespace EdgeHub.Edge.Uplink;

/// <summary>What an event says.</summary>
sealed record UplinkEventData(string Text);
