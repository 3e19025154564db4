namespace EdgeHub.DeviceSims.Doubles;

/// <summary>One value of a <see cref="Signal"/>: the integer that goes into the frame, and what a correct reader must make of it.</summary>
public readonly record struct Sample(long Raw, SentValue Sent);
