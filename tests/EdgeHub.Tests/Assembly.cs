[assembly: Xunit.CaptureConsole]
// Two cores: more at once would only measure each other.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
